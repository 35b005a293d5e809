/** What an operator may ask for about users, on the command line. */
export interface UsersCommand {
  name: 'import';
  /** A path, or `-` for the standard input. */
  file: string;
  /** Only says what would become of it. */
  dryRun: boolean;
}

const DRY_RUN = '--dry-run';

/** @param words what follows the program's name @returns null for anything that is not a command */
export function parseUsersCommand(words: readonly string[]): UsersCommand | null {
  const [name, ...rest] = words;
  const dryRun = rest.includes(DRY_RUN);
  const [file, ...more] = rest.filter((word, i) => word !== DRY_RUN || rest.indexOf(word) !== i);
  if (name !== 'import' || !file || more.length > 0 || (file !== '-' && file.startsWith('-'))) return null;
  return { name, file, dryRun };
}
