import {t} from '../i18n';
import {download, fileName} from './files';
import type {Session} from './session';

const title = (session: Session) => session.state.get().info?.title || t('app.untitled');

export async function exportCanvasPng(session: Session): Promise<void> {
  const picture = await session.canvas?.toPng();
  if (picture) download(picture, fileName(title(session), 'png'), 'image/png');
}

export async function exportCanvasSvg(session: Session): Promise<void> {
  await session.drawing.withAllLevels(() => {
    const picture = session.canvas?.toSvg();
    if (picture) download(picture, fileName(title(session), 'svg'), 'image/svg+xml');
  });
}
