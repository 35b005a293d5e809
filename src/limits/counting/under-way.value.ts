/** What is being looked at in this process, by the bucket that it was counted on. */
export class UnderWay {
  private readonly counts = new Map<string, number>();

  async during<T>(key: Buffer, work: () => Promise<T>): Promise<T> {
    this.add(key, 1);
    try {
      return await work();
    } finally {
      this.add(key, -1);
    }
  }

  has(key: Buffer): boolean {
    return this.counts.has(text(key));
  }

  private add(key: Buffer, change: number): void {
    const count = (this.counts.get(text(key)) ?? 0) + change;
    if (count > 0) this.counts.set(text(key), count);
    else this.counts.delete(text(key));
  }
}

function text(key: Buffer): string {
  return key.toString('base64');
}
