import type {EdgeView, NodeView} from '@flux/engine';
import {useSession, useStudio} from '../../context';
import {t} from '../../i18n';

/** As many as a list can show; the canvas shows them all. */
const most = 100;

/** What comes into a node and what goes out, each a way to the connection. */
export function Connections({node}: {node: NodeView}) {
  const edges = useStudio(state => state.view!.edges);
  const incoming = edges.filter(edge => edge.to.some(end => end.node === node.id));
  const outgoing = edges.filter(edge => edge.from.some(end => end.node === node.id));
  if (incoming.length + outgoing.length === 0) return null;
  return (
    <section className="section">
      <EdgeList title={t('inspector.afferents')} edges={incoming} side="from" />
      <EdgeList title={t('inspector.efferents')} edges={outgoing} side="to" />
    </section>
  );
}

function EdgeList({title, edges, side}: {title: string; edges: EdgeView[]; side: 'from' | 'to'}) {
  const session = useSession();
  if (edges.length === 0) return null;
  return (
    <>
      <h2 className="subheading">{title}</h2>
      <ul className="plain-list">
        {edges.slice(0, most).map(edge => (
          <li key={`${edge.list}${edge.index}`}>
            <button
              type="button"
              className="list-button"
              onClick={() => session.select([{kind: 'edge', list: edge.list, index: edge.index}])}
            >
              <span className={`edge-mark ${edge.type} ${edge.weight[0] < 0 ? 'inhibits' : ''}`} />
              <span className="grow">{edge[side].map(end => end.path).join(', ')}</span>
              <span className="number-cell faint">{weightText(edge)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

export function weightText({weight: [low, high], type}: EdgeView): string {
  if (type === 'electric') return '⚡';
  return low === high ? String(low) : `${low}..${high}`;
}
