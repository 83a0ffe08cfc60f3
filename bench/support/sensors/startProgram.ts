import { fork } from 'node:child_process';
import { once } from 'node:events';
import { processorTime } from '../processorTime.ts';

/** A part of a bench that runs in a process of its own and answers one message after the other. */
export interface Program {
  /** Sends a message, and resolves with the answer to it. */
  ask<Answer>(message: object): Promise<Answer>;
  /** Processor time that it used so far with all its threads, milliseconds. */
  cpu(): number;
  /** Ends it, and waits until it is over. */
  stop(): Promise<void>;
}

/**
 * Starts a program of a bench as a process of its own.
 *
 * @param file - Its module.
 * @param profiles - Folder in which it leaves a profile of its main thread when it ends; none if absent.
 */
export function startProgram(file: URL, profiles?: string): Program {
  const execArgv = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const child = fork(file, { execArgv });
  const ended = once(child, 'exit');
  ended.catch(() => undefined);
  return {
    async ask<Answer>(message: object) {
      const answered = once(child, 'message');
      child.send(message);
      const [answer] = (await Promise.race([
        answered,
        ended.then(([code]) => {
          throw new Error(`${file.pathname} ended with ${String(code)}`);
        }),
      ])) as [Answer];
      return answer;
    },
    cpu: () => processorTime([child.pid ?? 0]) ?? 0,
    async stop() {
      // It ends by itself once nobody can ask it any more, and leaves its profile.
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/**
 * Answers the messages of the bench that started this process, one after the other.
 *
 * @param answer - Gives the answer to each message.
 * @param end - Called once the bench wants nothing more.
 */
export function serveBench(
  answer: (message: unknown) => Promise<object>,
  end: () => Promise<void>,
): void {
  process.on('message', (message) => {
    void answer(message).then((answered) => process.send?.(answered));
  });
  process.on('disconnect', () => void end());
}
