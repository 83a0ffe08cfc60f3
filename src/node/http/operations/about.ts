import openApi from '../openapi.json' with { type: 'json' };
import { agentPage } from '../agentPage.ts';
import { operation } from '../Operation.ts';
import { json, text } from '../Reply.ts';

/** What the door says of itself. */
export const aboutOperations = [
  operation({
    id: 'getPage',
    tag: 'Network',
    method: 'GET',
    path: '/',
    summary: 'A page for people: what this is, and where the rest is.',
    parameters: {},
    gives: { 200: { media: 'text/html; charset=utf-8' } },
    refuses: [],
    async answer(agent, { base }) {
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      };
      return text(agentPage(await agent.network(), base), { keeping: 'checked', headers });
    },
  }),
  operation({
    id: 'getOpenApi',
    tag: 'Network',
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This description (OpenAPI 3.1).',
    parameters: {},
    gives: { 200: { media: 'application/json' } },
    refuses: [],
    answer: async (_, { base }) =>
      await Promise.resolve(json({ ...openApi, servers: [{ url: base }] }, { keeping: 'checked' })),
  }),
];
