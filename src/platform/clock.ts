import { Injectable } from '@nestjs/common';

/** The time of this process: what tokens say. Sessions go by the database's clock, which all replicas share. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
