import type {PlotOptions} from '@flux/canvas';
import {type RefObject, useEffect, useRef, useState} from 'react';
import {useStudio} from '../../context';
import {t, useLocale} from '../../i18n';

interface Plot {
  setTheme(name: 'dark' | 'light'): void;
  destroy(): void;
}

/**
 * A plot on a canvas of its own, made when the canvas stands and made anew with another `key`. It draws past React; the component only tells
 * it what to show.
 */
export function usePlot<P extends Plot>(
  make: (canvas: HTMLCanvasElement, options: PlotOptions) => P,
  key = '',
): [RefObject<HTMLCanvasElement | null>, P | null] {
  const element = useRef<HTMLCanvasElement>(null);
  const [plot, setPlot] = useState<P | null>(null);
  const locale = useLocale();
  const theme = useStudio(state => state.theme);
  const tick = useStudio(state => state.info?.settings.tick ?? 1000);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `make` is another function at every drawing; `key` says when it matters
  useEffect(() => {
    const words = {milliseconds: t('unit.ms'), seconds: t('unit.s'), mean: t('plot.mean'), to: t('plot.to')};
    const made = make(element.current!, {theme, millisecondsPerTick: tick / 1000, words});
    setPlot(made);
    return () => made.destroy();
  }, [tick, key, locale]);
  useEffect(() => plot?.setTheme(theme), [plot, theme]);
  return [element, plot];
}
