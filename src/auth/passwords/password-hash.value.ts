/** A stored password: the hash, how it was made, and the key it was prepared with. */
export interface PasswordHash {
  hash: string;
  scheme: string;
  passwordKeyId: string;
}
