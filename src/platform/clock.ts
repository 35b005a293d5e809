import { Injectable } from '@nestjs/common';

/** The clock of this process, for the times in tokens. Sessions use the clock of the database, which all replicas share. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
