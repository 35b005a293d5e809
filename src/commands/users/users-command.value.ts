/** A parsed `users` command. */
export interface UsersCommand {
  name: 'import';
  /** A path, or `-` for standard input. */
  file: string;
  /** Only reports what would happen. */
  dryRun: boolean;
}

const DRY_RUN = '--dry-run';

/** @param words the arguments after the program's name @returns null if they are not a valid command */
export function parseUsersCommand(words: readonly string[]): UsersCommand | null {
  const [name, ...rest] = words;
  const dryRun = rest.includes(DRY_RUN);
  const [file, ...more] = rest.filter((word, i) => word !== DRY_RUN || rest.indexOf(word) !== i);
  if (name !== 'import' || !file || more.length > 0 || (file !== '-' && file.startsWith('-'))) return null;
  return { name, file, dryRun };
}
