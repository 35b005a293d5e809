import { runInNewContext } from 'node:vm';
import { isDatabaseTrouble } from '../../../src/platform/database/trouble.js';

const systemError = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall });

const FOREIGN_SUM = `new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED', syscall: 'connect' })])`;
/** Not an instance of the `Error` here: what Jest's own contexts make of every error of Node's network. */
const FOREIGN = `Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })`;

describe('Trouble with the database', () => {
  it.each([
    ['refused', systemError('ECONNREFUSED', 'connect')],
    ['out of file descriptors', systemError('EMFILE', 'connect')],
    ['out of local ports', systemError('EADDRNOTAVAIL', 'connect')],
    ['a socket file that is gone', systemError('ENOENT', 'connect')],
    ['a name that no server gives', systemError('EAI_FAIL', 'getaddrinfo')],
    ['cut', systemError('ECONNRESET', 'read')],
    ['written to when its other side is gone', systemError('EPIPE', 'write')],
    ['cut, as Node itself says it to a program in another context', runInNewContext(FOREIGN) as unknown],
    ['refused at each address, as Node itself says it', runInNewContext(FOREIGN_SUM) as unknown],
    ['whose network went down', systemError('ENETDOWN', 'write')],
    ['a certificate that ran out', Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' })],
    ['each address of a name refused', new AggregateError([systemError('ECONNREFUSED', 'connect')])],
  ])('is a connection %s', (_what, error) => {
    expect(isDatabaseTrouble(error)).toBe(true);
  });

  it.each([
    ['a file that is missing', systemError('ENOENT', 'open')],
    ['a folder read as a file', systemError('EISDIR', 'read')],
    ['a bug', new TypeError('x is not a function')],
    ['a broken constraint', Object.assign(new Error('duplicate key'), { code: '23505' })],
  ])('is not %s', (_what, error) => {
    expect(isDatabaseTrouble(error)).toBe(false);
  });
});
