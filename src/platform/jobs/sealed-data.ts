import type { SecretRing } from '../secrets/secret-ring.value.js';

/** A job's data as it is stored. It is encrypted, because it contains email addresses and tokens. */
export interface SealedData {
  secretId: string;
  sealed: string;
}

const LABEL = 'jobs';
/** By convention, properties with these names are dates, which JSON turns into strings. */
const NAME_OF_A_DATE = /(^at|[a-z]At)$/;

export function sealData(secrets: SecretRing, jobId: string, data: object): SealedData {
  return seal(secrets, jobId, Buffer.from(JSON.stringify(data)));
}

/** Encrypts the data again with the first secret. @throws SecretMissing */
export function resealData(secrets: SecretRing, jobId: string, data: SealedData): SealedData {
  return seal(secrets, jobId, unsealed(secrets, jobId, data));
}

/** @returns the data as parsed from JSON, with dates restored by property name */
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
