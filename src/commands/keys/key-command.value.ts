/** A parsed `keys` command. */
export type KeyCommand = { name: 'list' } | { name: 'rotate' } | { name: 'revoke'; kid: string } | { name: 'rewrap' };

/** @param words the arguments after the program's name @returns null if they are not a valid command */
export function parseKeyCommand(words: readonly string[]): KeyCommand | null {
  const [name, kid, ...more] = words;
  if (more.length > 0) return null;
  if (name === 'revoke') return kid ? { name, kid } : null;
  return kid === undefined && (name === 'list' || name === 'rotate' || name === 'rewrap') ? { name } : null;
}
