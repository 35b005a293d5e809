import { Controller, Get, Module } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AuthGuardModule, Public, Roles } from '../../src/index.js';
import { closeApps, get, platformNames, serve } from '../support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims } from '../support/tokens.js';

const key = newKey();
const USER = `Bearer ${token(key)}`;
const ADMIN = `Bearer ${tokenWithClaims(key, { role: 'admin' })}`;

abstract class Listing {
  @Get()
  list(): object {
    return { listed: true };
  }
}

@Public()
@Controller('open')
class OpenListing extends Listing {}

@Roles('admin')
@Controller('admins')
class AdminListing extends Listing {}

@Controller('closed')
class ClosedListing extends Listing {}

const LISTINGS = { open: OpenListing, admins: AdminListing, closed: ClosedListing };
type Name = keyof typeof LISTINGS;

const EXPECTED: Record<Name, number[]> = {
  open: [200, 200, 200],
  admins: [401, 403, 200],
  closed: [401, 200, 200],
};

const ORDERS: Name[][] = [
  ['open', 'admins', 'closed'],
  ['admins', 'closed', 'open'],
  ['closed', 'open', 'admins'],
];

afterEach(closeApps);

describe.each(platformNames)('A handler that three controllers inherit on %s', (platform) => {
  it.each(ORDERS)('is in each as open as that one says, whichever was asked first: %s, %s, %s', async (...order) => {
    const guard = AuthGuardModule.forRoot({ issuer: ISSUER, keys: sourceOf(key), clock: () => NOW_SECONDS * 1000 });

    @Module({ imports: [guard], controllers: Object.values(LISTINGS) })
    class ListingsModule {}

    const { url } = await serve(ListingsModule, platform);
    for (let round = 0; round < 2; round++) {
      for (const name of order) {
        const statuses = [];
        for (const who of [undefined, USER, ADMIN]) statuses.push((await get(`${url}/${name}`, who)).status);
        expect({ name, statuses }).toEqual({ name, statuses: EXPECTED[name] });
      }
    }
  });
});
