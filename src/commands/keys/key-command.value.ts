/** What an operator may ask for, on the command line. */
export type KeyCommand = { name: 'list' } | { name: 'rotate' } | { name: 'revoke'; kid: string } | { name: 'rewrap' };

/** @param words what follows the program's name @returns null for anything that is not a command */
export function parseKeyCommand(words: readonly string[]): KeyCommand | null {
  const [name, kid, ...more] = words;
  if (more.length > 0) return null;
  if (name === 'revoke') return kid ? { name, kid } : null;
  return kid === undefined && (name === 'list' || name === 'rotate' || name === 'rewrap') ? { name } : null;
}
