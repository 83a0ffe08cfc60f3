import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { escapeHtml, pageReply } from './pageReply.ts';
import type { Reply } from './Reply.ts';

/**
 * Makes the page that a person sees at an agent's address.
 *
 * @param network - The network that the node runs by.
 * @param base - Path of the agent's address, such as `/hospital`.
 * @param hasPortal - True if the portal is served below that path.
 */
export function agentPage(network: NetworkFile, base: string, hasPortal: boolean): Reply {
  const organisation = base.split('/').at(-1) ?? '';
  const logs = network.channels.flatMap((channel) => channel.logs);
  const own = logs.find((log) => log.organisation === organisation)?.name;
  const links = [
    ...(hasPortal ? [['/portal/', 'the portal, for people']] : []),
    ['/v1/openapi.json', 'all operations, for programs (OpenAPI 3.1)'],
    [
      '/v1/network',
      'the network file that this node runs by; compare it with the one that you pinned',
    ],
    ...(own === undefined ? [] : [[`/v1/checkpoints/${own}`, 'the newest checkpoint of its log']]),
  ];
  const list = links.map(([path = '', what = '']) => {
    return `<li><a href="${escapeHtml(base + path)}"><code>${escapeHtml(path)}</code></a>: ${escapeHtml(what)}</li>`;
  });
  const demo = network.demo
    ? '<p><strong>This network is a demonstration.</strong> Its keys are not encrypted: put no real data in it.</p>'
    : '';
  return pageReply(
    `Medseal: ${organisation}`,
    `<p>This is the agent of an organisation in a Medseal network, which shares health records under the patient’s control.
Records are sealed before they get here; this node cannot read them. It takes signed requests, and every view and
every refusal leaves evidence.</p>
${demo}
<ul>
${list.join('\n')}
</ul>
<p>Network <code>${escapeHtml(network.networkId)}</code></p>`,
  );
}
