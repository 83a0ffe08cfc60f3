import { gzipSync } from 'node:zlib';
import { bytes, type Reply } from '../Reply.ts';
import type { Portal } from './readPortal.ts';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
};
/** Formats that are compressed already. */
const DENSE = /\.(?:png|woff2)$/;
/** The names of built files carry a hash of what they hold. */
const HASHED = /^assets\//;
/** Abilities of a browser that the portal does without; it scans QR codes with the camera. */
const ABILITIES_OFF = [
  'accelerometer',
  'autoplay',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/**
 * Makes the answers with the portal's files, which are compressed once.
 *
 * @param portal - The portal.
 * @returns A function that gives the answer for a file, by its path below the page; undefined if there is no such file.
 */
export function portalReplies(
  portal: Portal,
): (path: string, acceptsGzip: boolean) => Reply<never> | undefined {
  const compressed = new Map<string, Uint8Array>();
  const common = {
    'content-security-policy': portal.policy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': ['camera=(self)', ...ABILITIES_OFF.map((name) => `${name}=()`)].join(
      ', ',
    ),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  };
  return (path, acceptsGzip) => {
    const file = portal.files.get(path);
    if (file === undefined) return undefined;
    const isCompressed = acceptsGzip && !DENSE.test(path);
    const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    const headers = {
      ...common,
      'content-type': type,
      ...(isCompressed && { 'content-encoding': 'gzip' }),
    };
    const content = isCompressed ? gzipped(path, file) : file;
    return bytes(content, { keeping: HASHED.test(path) ? 'forever' : 'checked', headers });
  };

  function gzipped(path: string, file: Uint8Array): Uint8Array {
    const known = compressed.get(path) ?? gzipSync(file, { level: 9 });
    compressed.set(path, known);
    return known;
  }
}
