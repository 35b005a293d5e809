import type { Answer } from '../../support/http/client.js';
import type { Member } from '../../support/people/crowd.js';
import { logIn } from '../../support/people/people.js';
import type { Replicas } from '../../support/service/replicas.js';

/** What is about to end the sessions of somebody. */
export interface Ending {
  /** Answers 204 when it has. */
  end: () => Promise<Answer>;
  /** How many sessions it leaves: the one it was asked from, if any. */
  left: number;
}

interface World {
  replicas: Replicas;
  /** The access token of somebody with the role. */
  admin: string;
}

const NEXT_PASSWORD = 'the password after this one';

const asTheirOwner = async ({ replicas }: World, { person }: Member): Promise<{ bearer: string }> => ({
  bearer: (await logIn(replicas.next(), person)).accessToken,
});

/** What ends every session of a user, by the routes that do: a reset has races of its own. */
export const endings: Readonly<Record<string, (world: World, member: Member) => Promise<Ending>>> = {
  'a password change': async (world, member) => {
    const passwords = { currentPassword: member.person.password, newPassword: NEXT_PASSWORD };
    const options = await asTheirOwner(world, member);
    return { end: () => world.replicas.next().post('/users/me/password', passwords, options), left: 1 };
  },
  'a disable': ({ replicas, admin: bearer }, { userId }) => {
    const end = async (): Promise<Answer> => {
      const answer = await replicas.next().patch(`/admin/users/${userId}`, { disabled: true }, { bearer });
      return answer.status === 200 ? { ...answer, status: 204 } : answer;
    };
    return Promise.resolve({ end, left: 0 });
  },
  'a close by its owner': async (world, member) => {
    const options = { ...(await asTheirOwner(world, member)), body: { currentPassword: member.person.password } };
    return { end: () => world.replicas.next().delete('/users/me', options), left: 0 };
  },
  'a close by an admin': ({ replicas, admin: bearer }, { userId }) =>
    Promise.resolve({ end: () => replicas.next().delete(`/admin/users/${userId}`, { bearer }), left: 0 }),
};
