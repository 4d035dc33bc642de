import {Minimap} from '@flux/canvas';
import {useEffect, useRef, useState} from 'react';
import {useSession, useStudio} from '../context';
import {t} from '../i18n';

/** The whole circuit in a corner while only a part of it is seen. */
export function MiniMap() {
  const session = useSession();
  const element = useRef<HTMLCanvasElement>(null);
  const isAttached = useStudio(state => state.hasCanvas);
  const [isPart, setPart] = useState(false);
  useEffect(() => {
    const {canvas} = session;
    if (!canvas || !isAttached) return;
    const minimap = new Minimap(element.current!, canvas);
    const look = () => {
      const isPart = !showsAll(canvas);
      setPart(isPart);
      minimap.show(isPart);
    };
    look();
    const stops = (['camera', 'view', 'move', 'resize'] as const).map(name => canvas.on(name, look));
    return () => {
      for (const stop of stops) stop();
      minimap.destroy();
    };
  }, [session, isAttached]);
  return <canvas ref={element} className="minimap" data-shown={isPart || undefined} role="img" aria-label={t('panel.minimap')} />;
}

function showsAll(canvas: NonNullable<ReturnType<typeof useSession>['canvas']>): boolean {
  const box = canvas.scene().bounds();
  if (!box) return true;
  const from = canvas.camera.toScreen({x: box.left, y: box.top});
  const to = canvas.camera.toScreen({x: box.right, y: box.bottom});
  return from.x >= -1 && from.y >= -1 && to.x <= canvas.camera.width + 1 && to.y <= canvas.camera.height + 1;
}
