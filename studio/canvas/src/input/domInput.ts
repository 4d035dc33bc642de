import type {Gestures, PointerSample} from './gestures';

/** Wheels turn in steps of this many CSS pixels or more; trackpads send smaller ones, and both directions at once. */
const wheelStep = 50;
/** Pixels of a wheel that counts in lines, or in pages. */
const linePixels = 16;
const pagePixels = 400;

/** Listens to pointer, wheel and context menu of the canvas and feeds the gestures. Returns what ends it. */
export function listen(
  canvas: HTMLCanvasElement,
  gestures: Gestures,
  onHoverEnd: () => void,
  onContextMenu: (sample: PointerSample) => void,
): () => void {
  const stop = new AbortController();
  const options = {signal: stop.signal};
  let bounds = canvas.getBoundingClientRect();
  let longPress = 0;
  let trackpadUntil = 0;

  const sampleOf = (event: PointerEvent | MouseEvent): PointerSample => ({
    id: 'pointerId' in event ? event.pointerId : 0,
    x: event.clientX - bounds.left,
    y: event.clientY - bounds.top,
    type: 'pointerType' in event && (event.pointerType === 'touch' || event.pointerType === 'pen') ? event.pointerType : 'mouse',
    button: event.button,
    shift: event.shiftKey,
    alt: event.altKey,
    ctrl: event.ctrlKey || event.metaKey,
    time: event.timeStamp,
  });

  canvas.addEventListener(
    'pointerdown',
    event => {
      bounds = canvas.getBoundingClientRect();
      canvas.focus({preventScroll: true});
      canvas.setPointerCapture(event.pointerId);
      if (event.button === 1) event.preventDefault();
      gestures.down(sampleOf(event));
      window.clearTimeout(longPress);
      if (event.pointerType === 'touch') longPress = window.setTimeout(() => gestures.longPress(performance.now()), 560);
    },
    options,
  );
  canvas.addEventListener(
    'pointermove',
    event => {
      bounds = canvas.getBoundingClientRect();
      gestures.move(sampleOf(event));
    },
    options,
  );
  canvas.addEventListener(
    'pointerup',
    event => {
      window.clearTimeout(longPress);
      gestures.up(sampleOf(event));
    },
    options,
  );
  canvas.addEventListener('pointercancel', event => gestures.lostPointer(event.pointerId), options);
  canvas.addEventListener('pointerleave', () => gestures.busy || onHoverEnd(), options);
  canvas.addEventListener(
    'wheel',
    event => {
      event.preventDefault();
      bounds = canvas.getBoundingClientRect();
      const unit = event.deltaMode === 1 ? linePixels : event.deltaMode === 2 ? pagePixels : 1;
      const looksLikeTrackpad =
        event.deltaMode === 0 && !event.ctrlKey && (event.deltaX !== 0 || Math.abs(event.deltaY) < wheelStep) && !event.shiftKey;
      if (looksLikeTrackpad) trackpadUntil = event.timeStamp + 300;
      const isTrackpad = !event.ctrlKey && event.timeStamp < trackpadUntil;
      gestures.wheel(
        event.clientX - bounds.left,
        event.clientY - bounds.top,
        event.deltaX * unit,
        event.deltaY * unit,
        event.ctrlKey || event.metaKey,
        event.shiftKey,
        isTrackpad,
      );
    },
    {...options, passive: false},
  );
  canvas.addEventListener(
    'contextmenu',
    event => {
      event.preventDefault();
      bounds = canvas.getBoundingClientRect();
      onContextMenu(sampleOf(event));
    },
    options,
  );
  return () => {
    window.clearTimeout(longPress);
    stop.abort();
  };
}
