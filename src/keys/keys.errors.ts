/** What a command about the keys cannot do; the messages are for the operator. */
export class KeyUnknown extends Error {
  constructor(kid: string) {
    super(`There is no signing key ${kid}. Nothing was changed.`);
    this.name = 'KeyUnknown';
  }
}

/** The next key must first be known to all caches. */
export class StandbyTooYoung extends Error {
  constructor(readonly maySignFrom: Date) {
    super(
      `The next key may sign from ${maySignFrom.toISOString()} on: until then caches of other apps may not know it, and ` +
        'its tokens would be refused. Nothing was changed. In an emergency, revoke the key that signs.',
    );
    this.name = 'StandbyTooYoung';
  }
}
