import { describe, expect, it } from '@jest/globals';
import { sessionDigest } from '../../src/core.js';
import { type FeedEvent, FeedEvents } from '../../src/revocations/feed-events.js';
import { BEAT, closed, CURRENT } from '../support/feed-server.js';

const read = (...parts: string[]): FeedEvent[] => {
  const events = new FeedEvents();
  return parts.flatMap((part) => [...events.read(part)]);
};

describe('the events of a feed', () => {
  const text = `retry: 700\r\n\r\n${closed(7, 'one')}${BEAT}event:current\ndata\n\n${closed(8, 'two')}`;
  const events = [
    { kind: 'retry', millis: 700 },
    { kind: 'closed', id: '7', digest: sessionDigest('one') },
    { kind: 'beat' },
    { kind: 'current' },
    { kind: 'closed', id: '8', digest: sessionDigest('two') },
  ];

  it('are the same wherever the text is cut', () => {
    expect(read(...text)).toEqual(events);
    for (let at = 0; at <= text.length; at++) expect(read(text.slice(0, at), text.slice(at))).toEqual(events);
  });

  it.each([
    ['half an event', closed(1, 'one').slice(0, -1)],
    ['a digest that is too long', `id: 1\ndata: ${sessionDigest('one')}A\n\n`],
    ['a digest in another alphabet', `id: 1\ndata: ${'+'.repeat(43)}\n\n`],
    ['an event of another name', `event: opened\n${closed(1, 'one')}`],
    ['a field that nobody knows', `__proto__: x\nname\n\n`],
    ['a time that is none', 'retry: -1\nretry: 1e3\n\n'],
  ])('are none of the feed for %s', (_, sent) => {
    expect(read(sent)).toEqual([]);
  });

  it('name a session also where the id is no id, but not where to go on', () => {
    expect(read(`id: x\ndata: ${sessionDigest('one')}\n\n`)).toEqual([{ ...events[1], id: undefined }]);
  });

  it('have lines that end: others are not gathered', () => {
    expect(read('x'.repeat(1024))).toEqual([]);
    expect(() => read('x'.repeat(512), 'x'.repeat(513))).toThrow('the feed has a line that does not end');
  });

  it.each([CURRENT, BEAT])('of one kind come as often as they are sent: %j', (sent) => {
    expect(read(sent.repeat(3))).toHaveLength(3);
  });
});
