import openApi from '../openapi.json' with { type: 'json' };
import { agentPage } from '../agentPage.ts';
import { operation } from '../Operation.ts';
import { json } from '../Reply.ts';

/** Operations that describe the server. */
export const aboutOperations = [
  operation({
    id: 'getPage',
    tag: 'Network',
    method: 'GET',
    path: '/',
    summary: 'Returns a page for people, with links to the rest.',
    parameters: {},
    gives: { 200: { media: 'text/html; charset=utf-8' } },
    refuses: [],
    async answer(agent, { base }) {
      return agentPage(await agent.network(), base);
    },
  }),
  operation({
    id: 'getOpenApi',
    tag: 'Network',
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'Returns this description (OpenAPI 3.1).',
    parameters: {},
    gives: { 200: { media: 'application/json' } },
    refuses: [],
    answer: async (_, { base }) =>
      await Promise.resolve(json({ ...openApi, servers: [{ url: base }] }, { keeping: 'checked' })),
  }),
];
