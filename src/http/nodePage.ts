import type { Organisation } from '../protocol/ids.ts';
import { escapeHtml, pageReply } from './pageReply.ts';
import type { Reply } from './Reply.ts';

/**
 * Makes the page that a person sees who opens a node's address: whose agents answer here.
 *
 * @param organisations - The organisations of this process.
 * @param hasPortal - True if each of them serves the portal.
 */
export function nodePage(organisations: readonly Organisation[], hasPortal: boolean): Reply {
  const list = organisations.map((name) => {
    const path = `/${name}`;
    const portal = hasPortal
      ? `, and <a href="${escapeHtml(path)}/portal/">its portal</a> for people`
      : '';
    return `<li><a href="${escapeHtml(path)}"><code>${escapeHtml(path)}</code></a>: the agent of ${escapeHtml(name)}${portal}</li>`;
  });
  return pageReply(
    'Medseal',
    `<p>This is a node of a Medseal network, which shares health records under the patient’s control. It answers for:</p>
<ul>
${list.join('\n')}
</ul>
<p>To use it from a terminal, run <code>medseal --help</code>.</p>`,
  );
}
