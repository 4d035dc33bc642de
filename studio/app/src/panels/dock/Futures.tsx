import {X} from 'lucide-react';
import {useEffect, useState} from 'react';
import {useSession, useStudio} from '../../context';
import {formatNumber, t} from '../../i18n';
import {compareFutures, type Difference} from '../../session/futures';
import {IconButton} from '../../widgets/IconButton';

/** After a change in the past: how the future that runs differs from the one that was. */
export function Futures() {
  const session = useSession();
  const future = useStudio(state => state.future);
  const [difference, setDifference] = useState<Difference | null>(null);
  useEffect(() => {
    if (!future) return;
    const measure = () => setDifference(compareFutures(future, session.frames));
    measure();
    const timer = setInterval(measure, 500);
    return () => clearInterval(timer);
  }, [session, future]);
  if (!future || !difference) return null;
  return (
    <span className="futures" role="status">
      <strong>{t('time.futures', {tick: future.tick})}:</strong>{' '}
      {difference.until <= future.tick
        ? t('time.runOn')
        : difference.first === null
          ? t('time.same', {tick: difference.until})
          : t('time.differ', {count: difference.count, tick: difference.first})}
      <span className="hint">{t('time.above')}</span>
      <IconButton
        icon={X}
        size={12}
        className="tiny"
        label={`${t('action.close')}: ${t('time.futures', {tick: formatNumber(future.tick)})}`}
        onPress={() => session.state.set({future: null})}
      />
    </span>
  );
}
