import type { SecretRing } from '../secrets/secret-ring.value.js';

/** What a job is about, as it is stored: neither a dump of the database nor a log shows an address or a token. */
export interface SealedData {
  secretId: string;
  sealed: string;
}

const LABEL = 'jobs';
/** By the rule of the house these names are of dates, which JSON makes texts. */
const NAME_OF_A_DATE = /(^at|[a-z]At)$/;

export function sealData(secrets: SecretRing, jobId: string, data: object): SealedData {
  const { secretId, bytes } = secrets.seal(LABEL, Buffer.from(JSON.stringify(data)), jobId);
  return { secretId, sealed: bytes.toString('base64') };
}

/**
 * @returns what was sealed, as JSON keeps it, but with dates where the name says so
 * @throws SecretMissing
 */
export function openData(secrets: SecretRing, jobId: string, { secretId, sealed }: SealedData): unknown {
  const plain = secrets.open(LABEL, { secretId, bytes: Buffer.from(sealed, 'base64') }, jobId);
  return JSON.parse(plain.toString(), (name, value: unknown) =>
    NAME_OF_A_DATE.test(name) && typeof value === 'string' ? new Date(value) : value,
  );
}
