import { type ChainLink, parseLink } from '../../audit/chain/seal.value.js';

/** What an operator may ask of the audit log, on the command line. */
export interface AuditCommand {
  name: 'verify';
  /** A link of the chain that was noted elsewhere. */
  witness: ChainLink | null;
}

/** @param words what follows the program's name @returns null for anything that is not a command */
export function parseAuditCommand(words: readonly string[]): AuditCommand | null {
  const [name, option, text, ...more] = words;
  if (name !== 'verify' || more.length > 0) return null;
  if (option === undefined) return { name, witness: null };
  const witness = option === '--against' && text !== undefined ? parseLink(text) : null;
  return witness && { name, witness };
}
