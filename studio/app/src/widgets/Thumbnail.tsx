import type {Source} from '@flux/engine';
import {useEffect, useRef} from 'react';
import {thumbnail} from '../session/thumbnails';

interface Props {
  source: Source;
  width: number;
  height: number;
  /** Left out where the words beside it say the same. */
  label?: string;
}

/** A still picture of a circuit that is not open. */
export function Thumbnail({source, width, height, label}: Props) {
  const element = useRef<HTMLCanvasElement>(null);
  const key = JSON.stringify(source);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the source
  useEffect(() => {
    let isOver = false;
    void thumbnail(source, width, height).then(picture => {
      const canvas = element.current;
      if (isOver || !canvas || !picture) return;
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext('2d')!.drawImage(picture, 0, 0);
    });
    return () => {
      isOver = true;
    };
  }, [key, width, height]);
  return <canvas ref={element} className="thumbnail" style={{width, height}} role={label ? 'img' : 'presentation'} aria-label={label} />;
}
