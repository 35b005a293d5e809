import { createHash } from 'node:crypto';
import { needsOf } from './lockfile.mjs';

/** @typedef {import('./lockfile.mjs').Component} Component */
/** @typedef {import('./lockfile.mjs').Lockfile} Lockfile */

/** Of this repository, and so with the version of the service; they are parts of it and no components of others. */
const OURS = ['', 'packages/guard', 'packages/bcrypt-lanes'];

/**
 * A CycloneDX 1.5 document of what runs in production. `npm sbom` leaves out what a workspace needs as well for its development, two
 * thirds of all here, so it is made from the lockfile. The same lockfile gives the same document, byte for byte.
 *
 * @param {Lockfile} lockfile
 * @param {readonly Component[]} components
 */
export function sbomOf(lockfile, components) {
  const shipped = ['optional', 'required'].flatMap((scope) => components.filter((one) => one.scope === scope));
  const { name = '', version = '', license = '' } = lockfile.packages[''] ?? {};
  const dependencies = [
    {
      ref: refOf(name, version),
      dependsOn: refsOf(new Set(OURS.flatMap((path) => needsOfOurs(path, lockfile))), shipped),
    },
    ...shipped.map((one) => ({ ref: refOf(one.name, one.version), dependsOn: refsOf(new Set(one.needs), shipped) })),
  ];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: serialOf(shipped),
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'pre-build' }],
      component: {
        type: 'application',
        'bom-ref': refOf(name, version),
        name,
        version,
        licenses: [{ license: { id: license } }],
      },
    },
    components: byRef(shipped.map(entryOf), 'bom-ref'),
    dependencies: byRef(dependencies, 'ref'),
  };
}

/** @param {Component} component */
function entryOf({ name, version, licence, integrity, scope }) {
  const [algorithm, digest = ''] = integrity?.split('-') ?? [];
  return {
    type: 'library',
    'bom-ref': refOf(name, version),
    name,
    version,
    scope,
    ...(algorithm === 'sha512' && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }],
    }),
    ...(licence !== null && { licenses: [licencesOf(licence)] }),
    purl: refOf(name, version),
  };
}

/** @param {string} licence */
function licencesOf(licence) {
  return licence.includes(' ') ? { expression: licence } : { license: { id: licence } };
}

/** A package URL: `pkg:npm/%40nestjs/core@12.5.1`. */
function refOf(/** @type {string} */ name, /** @type {string} */ version) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** What our own packages need to run. */
function needsOfOurs(/** @type {string} */ path, /** @type {Lockfile} */ { packages }) {
  const entry = packages[path];
  return entry ? needsOf(path, entry, packages) : [];
}

function refsOf(/** @type {ReadonlySet<string>} */ paths, /** @type {readonly Component[]} */ components) {
  const refs = components.filter(({ path }) => paths.has(path)).map(({ name, version }) => refOf(name, version));
  return [...new Set(refs)].sort();
}

/**
 * One version may lie in several folders: it is one component, required if one of them is.
 *
 * @template {Record<string, unknown>} Item
 * @param {Item[]} items
 * @param {keyof Item & string} key
 */
function byRef(items, key) {
  const found = new Map(items.map((item) => [String(item[key]), item]));
  return [...found.keys()].sort().map((ref) => /** @type {Item} */ (found.get(ref)));
}

/** A UUID (version 8, RFC 9562) of what is inside. */
function serialOf(/** @type {readonly Component[]} */ components) {
  const text = components.map(({ name, version, integrity }) => `${name}@${version} ${integrity}\n`).join('');
  const hex = createHash('sha256').update(text).digest('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
