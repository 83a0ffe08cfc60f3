import { visibleText } from '../../errors/visibleText.ts';
import { describeSize } from './describeSize.ts';
import type { Progress } from './Terminal.ts';

/** Time that something takes before anything is said of it, milliseconds. */
const PATIENCE = 1000;
/** Time until it is said again, milliseconds. */
const EVERY = 250;
/** The most characters of what is said to be done. */
const LONGEST = 120;

function nothing(): void {}

const SILENT: Progress = {
  stage: nothing,
  counted: (content) => content,
  hide: nothing,
  aside: async (work) => await work(),
  end: nothing,
};

/**
 * Progress on one line of a terminal, from the second second on. If there is no terminal, nothing is said.
 *
 * @param stream - The stream to write to.
 */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return SILENT;
  let text = 'working';
  let [bytes, total]: [number, number | undefined] = [0, undefined];
  let shown = false;
  let begun = performance.now();
  let asides = 0;
  const timer = setInterval(() => {
    if (asides === 0 && performance.now() - begun >= PATIENCE) show();
  }, EVERY);
  // It keeps no process alive.
  timer.unref();

  return {
    stage(next) {
      [text, bytes, total] = [visibleText(next, LONGEST), 0, undefined];
    },
    async *counted(content, all) {
      [bytes, total] = [0, all];
      for await (const piece of content) {
        bytes += piece.length;
        yield piece;
      }
    },
    hide,
    async aside(work) {
      asides += 1;
      hide();
      try {
        return await work();
      } finally {
        asides -= 1;
        begun = performance.now();
      }
    },
    end() {
      hide();
      clearInterval(timer);
    },
  };

  function hide(): void {
    if (shown) stream.write('\r\u001B[K');
    shown = false;
    begun = performance.now();
  }

  function show(): void {
    shown = true;
    const seconds = Math.floor((performance.now() - begun) / 1000);
    const share = total ? `, ${Math.min(100, Math.floor((100 * bytes) / total))} %` : '';
    const amount = bytes > 0 ? `, ${describeSize(bytes)}${share}` : '';
    stream.write(`\r\u001B[K${text} … ${seconds} s${amount}`);
  }
}
