import { FRAME_SCRIPT, frameDocument } from './frameDocument.ts';

/** A policy of Trusted Types, as far as it is used; the page's types lack it. */
interface FramePolicy {
  createHTML(hash: string): string;
}

const { trustedTypes } = globalThis as {
  readonly trustedTypes?: { createPolicy(name: string, rules: FramePolicy): FramePolicy };
};
/** The text of a frame is this document and no other, whatever is asked for. */
const RULES: FramePolicy = { createHTML: frameDocument };
const policy = trustedTypes?.createPolicy('medseal-frame', RULES) ?? RULES;

/** A frame with a program in it. */
export interface OpenFrame {
  /** Leads to the program, as soon as it runs. */
  readonly port: MessagePort;
  /** Settles when the program could not be started, and never otherwise. */
  readonly failed: Promise<void>;
}

/**
 * Starts a program in a frame of an origin that nothing else has. The program cannot reach the page but by the port, nor any
 * address: the frame is under the page's policy and under one of its own.
 *
 * @param code - The program.
 * @param signal - When it is aborted the frame goes, and the program with it, whatever it does.
 */
export async function openFrame(code: ArrayBuffer, signal: AbortSignal): Promise<OpenFrame> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(FRAME_SCRIPT));
  signal.throwIfAborted();
  const frame = document.createElement('iframe');
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  const failed = new Promise<void>((resolve) => {
    const hear = ({ source, data }: MessageEvent): void => {
      if (source === frame.contentWindow && data === 'failed') resolve();
    };
    globalThis.addEventListener('message', hear, { signal });
  });
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('allow', '');
  frame.hidden = true;
  frame.srcdoc = policy.createHTML(`sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`);
  document.body.append(frame);
  const { port1, port2 } = new MessageChannel();
  const close = (): void => {
    frame.remove();
    port1.close();
  };
  signal.addEventListener('abort', close, { once: true });
  await loaded;
  port1.start();
  frame.contentWindow?.postMessage(code, '*', [port2]);
  return { port: port1, failed };
}
