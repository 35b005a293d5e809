import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** A line of Fastify's tree: `│   ├── part (GET, HEAD)`, four characters for each level. */
const BRANCH = /^((?:│ {3}| {4})*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?$/;

/** Every route that Fastify will answer, as `GET /path`: what the router holds, not what anyone believes was registered. */
export function registeredRoutes(app: NestFastifyApplication): string[] {
  const server = app.getHttpAdapter().getInstance();
  const parents: string[] = [];
  return server
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [, indent = '', part = '', methods] = BRANCH.exec(line) ?? unreadable(line);
      const depth = indent.length / 4;
      const url = `${parents[depth - 1] ?? ''}${part}`;
      parents[depth] = url;
      return (methods?.split(', ') ?? []).map((method) => `${method} ${url}`);
    })
    .sort();
}

function unreadable(line: string): never {
  throw new Error(`Fastify's tree of routes has a line of another form: ${line}`);
}
