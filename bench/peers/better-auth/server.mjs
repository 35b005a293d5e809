// better-auth as its documentation sets it up, with bcrypt in the place of scrypt so that the hashes cost the same,
// and without its rate limit.
import { createServer } from 'node:http';
import bcrypt from 'bcrypt';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';

const url = `http://127.0.0.1:${process.env.PORT}`;
const auth = betterAuth({
  baseURL: url,
  secret: process.env.SECRET,
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password) => bcrypt.hash(password, Number(process.env.BCRYPT_COST)),
      verify: ({ password, hash }) => bcrypt.compare(password, hash),
    },
  },
});

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
createServer(toNodeHandler(auth)).listen(Number(process.env.PORT), '127.0.0.1');
