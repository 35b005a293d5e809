// The ceiling: one Fastify route that answers what the guarded routes answer, and asks for nothing.
import Fastify from 'fastify';

const app = Fastify();
app.get('/guarded', () => ({ text: 'a note' }));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
