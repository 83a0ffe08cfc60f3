import type { NetworkFile } from '../../protocol/NetworkFile.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#222}' +
  'code{background:#f2f2f2;padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}' +
  '@media(prefers-color-scheme:dark){body{background:#1a1a1a;color:#ddd}code{background:#333}a{color:#8cf}}';

/**
 * The page that a person sees who opens an agent's address: what this is, and where the rest is.
 *
 * @param network - The network that the node runs by.
 * @param base - Path of the agent's address, such as `/hospital`.
 */
export function agentPage(network: NetworkFile, base: string): string {
  const organisation = base.split('/').at(-1) ?? '';
  const logs = network.channels.flatMap((channel) => channel.logs);
  const own = logs.find((log) => log.organisation === organisation)?.name;
  const links = [
    ['/v1/openapi.json', 'what can be asked here, for programs (OpenAPI 3.1)'],
    [
      '/v1/network',
      'the network file that this node runs by; compare it with the one that you pinned',
    ],
    ...(own === undefined ? [] : [[`/v1/checkpoints/${own}`, 'the newest checkpoint of its log']]),
  ];
  const list = links.map(([path = '', what = '']) => {
    return `<li><a href="${escape(base + path)}"><code>${escape(path)}</code></a>: ${escape(what)}</li>`;
  });
  const demo = network.demo
    ? '<p><strong>This network is a demonstration.</strong> Its keys are not encrypted: put no real data in it.</p>'
    : '';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Medseal: ${escape(organisation)}</title>
<style>${STYLE}</style>
<h1>Medseal: ${escape(organisation)}</h1>
<p>This is the agent of an organisation in a Medseal network, which shares health records under the patient’s control.
Records are sealed before they get here; this node cannot read them. It takes signed requests, and every view and
every refusal leaves evidence.</p>
${demo}
<ul>
${list.join('\n')}
</ul>
<p>Network <code>${escape(network.networkId)}</code></p>
</html>
`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
