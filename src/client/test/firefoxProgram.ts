#!/usr/bin/env node
import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { WebSocket, WebSocketServer } from 'ws';

/** The one command that Playwright sends always and this Firefox does not know. It asks for colours, which `openFirefox` chooses by a preference. */
const UNKNOWN = 'emulation.setMediaFeaturesOverride';
/** Words with which Firefox says where it can be driven, and by which Playwright finds it. */
const LISTENING = 'WebDriver BiDi listening on ';

/** A command of WebDriver BiDi, as far as it is read here. */
interface Command {
  readonly id: number;
  readonly method: string;
}

const firefox = spawn(process.env['FIREFOX'] ?? 'firefox', process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'pipe'],
});
firefox.on('exit', (code) => process.exit(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => firefox.kill(signal));
firefox.stderr.setEncoding('utf8');
let said = '';
firefox.stderr.on('data', (text: string) => {
  const lines = `${said}${text}`.split('\n');
  said = lines.pop() ?? '';
  for (const line of lines) {
    if (line.startsWith(LISTENING)) passOn(line.slice(LISTENING.length).trim());
    else process.stderr.write(`${line}\n`);
  }
});

/**
 * Listens on this machine in Firefox's place, and passes all messages both ways but the command that it does not know.
 *
 * @param url - Address at which Firefox listens.
 */
function passOn(url: string): void {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => {
    const { port } = server.address() as AddressInfo;
    process.stderr.write(`${LISTENING}ws://127.0.0.1:${port}\n`);
  });
  server.on('connection', (near, { url: path = '' }) => {
    const far = new WebSocket(`${url.replace(/\/$/, '')}${path}`);
    const waiting: string[] = [];
    far.on('open', () => {
      for (const text of waiting.splice(0)) far.send(text);
    });
    near.on('message', (data: Buffer) => {
      const text = data.toString();
      const { id, method } = JSON.parse(text) as Command;
      if (method === UNKNOWN) near.send(JSON.stringify({ type: 'success', id, result: {} }));
      else if (far.readyState === WebSocket.OPEN) far.send(text);
      else waiting.push(text);
    });
    far.on('message', (data: Buffer) => near.send(data.toString()));
    near.on('close', () => far.close());
    far.on('close', () => near.close());
    // Playwright says then that its browser is gone.
    far.on('error', () => near.close());
  });
}
