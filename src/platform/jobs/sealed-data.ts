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
  return seal(secrets, jobId, Buffer.from(JSON.stringify(data)));
}

/** The same under the first secret. @throws SecretMissing */
export function resealData(secrets: SecretRing, jobId: string, data: SealedData): SealedData {
  return seal(secrets, jobId, unsealed(secrets, jobId, data));
}

/**
 * @returns what was sealed, as JSON keeps it, but with dates where the name says so
 * @throws SecretMissing
 */
export function openData(secrets: SecretRing, jobId: string, data: SealedData): unknown {
  return JSON.parse(unsealed(secrets, jobId, data).toString(), (name, value: unknown) =>
    NAME_OF_A_DATE.test(name) && typeof value === 'string' ? new Date(value) : value,
  );
}

function seal(secrets: SecretRing, jobId: string, plain: Buffer): SealedData {
  const { secretId, bytes } = secrets.seal(LABEL, plain, jobId);
  return { secretId, sealed: bytes.toString('base64') };
}

function unsealed(secrets: SecretRing, jobId: string, { secretId, sealed }: SealedData): Buffer {
  return secrets.open(LABEL, { secretId, bytes: Buffer.from(sealed, 'base64') }, jobId);
}
