/** What can be asked for on the command line. */
export const USAGE = `Available commands:
  npm run keys -- list          list the signing keys and their states
  npm run keys -- rotate        start to sign with the standby key
  npm run keys -- revoke KID    in an emergency: reject all tokens signed with this key
  npm run keys -- rewrap        encrypt all keys and queued emails with the first secret in AUTH_SECRET
  npm run admin -- create EMAIL     create an admin; prints a one-time link to choose a password
  npm run admin -- promote EMAIL    make an existing account an admin
  npm run users -- import FILE      create accounts from a file with one JSON object per line; - reads standard input
      --dry-run                     report what would happen and change nothing
  npm run audit -- verify       check that the audit log has not been altered
      --against SEQ:DIGEST      also check it against an audit_sealed line from the service log (a number, 64 hex digits)`;

/** @param words what was asked for, in any command */
export function asksForHelp(words: readonly string[]): boolean {
  return words.some((word) => word === '--help' || word === '-h');
}
