import { type ChainLink, parseLink } from '../../audit/chain/seal.value.js';

/** A parsed `audit` command. */
export interface AuditCommand {
  name: 'verify';
  /** A link of the chain that was stored outside the database. */
  witness: ChainLink | null;
}

/** @param words the arguments after the program's name @returns null if they are not a valid command */
export function parseAuditCommand(words: readonly string[]): AuditCommand | null {
  const [name, option, text, ...more] = words;
  if (name !== 'verify' || more.length > 0) return null;
  if (option === undefined) return { name, witness: null };
  const witness = option === '--against' && text !== undefined ? parseLink(text) : null;
  return witness && { name, witness };
}
