import openApi from '../openapi.json' with { type: 'json' };
import { agentPage } from '../agentPage.ts';
import { answering } from '../Answering.ts';
import { json } from '../Reply.ts';

/** Operations that describe the server. */
export const aboutAnswers = answering({
  getPage: {
    tag: 'Network',
    summary: 'Returns a page for people, with links to the rest.',
    refuses: [],
    async answer(agent, { base, hasPortal }) {
      return agentPage(await agent.network(), base, hasPortal);
    },
  },
  getOpenApi: {
    tag: 'Network',
    summary: 'Returns this description (OpenAPI 3.1).',
    refuses: [],
    answer: async (_, { base }) =>
      await Promise.resolve(json({ ...openApi, servers: [{ url: base }] }, { keeping: 'checked' })),
  },
});
