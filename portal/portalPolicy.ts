import { createHash } from 'node:crypto';
import { FRAME_SCRIPT } from './src/pdf/frameDocument.ts';

const FRAME = `sha256-${createHash('sha256').update(FRAME_SCRIPT).digest('base64')}`;

/**
 * Returns the content security policy of the portal. The page loads from its own origin only, turns no text into code,
 * and gives no viewer of the browser a document: no address may stand in a frame. The viewer of PDFs is a frame without an
 * address, which has this policy too; so the policy allows the one program of that frame.
 *
 * @param importMap - Hash of the page's import map, which stands in the page itself.
 */
export function portalPolicy(importMap: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' '${importMap}' '${FRAME}'`,
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types medseal-worker medseal-frame',
  ].join('; ');
}
