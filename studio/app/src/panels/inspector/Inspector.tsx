import type {CommentView, EdgeView, NodeView} from '@flux/engine';
import {useStudio} from '../../context';
import {t} from '../../i18n';
import {CircuitInspector} from './CircuitInspector';
import {CommentInspector} from './CommentInspector';
import {EdgeInspector} from './EdgeInspector';
import {NeuronInspector, SeveralNeurons} from './NeuronInspector';
import {OrganInspector} from './OrganInspector';
import {ViewInspector} from './ViewInspector';
import {Why} from './Why';

/** The properties of what is selected; of the circuit itself where nothing is. */
export function Inspector() {
  const view = useStudio(state => state.view);
  const selection = useStudio(state => state.selection);
  const why = useStudio(state => state.why);
  if (!view) return <p className="empty">{t('app.loading')}</p>;
  if (why) return <Why {...why} />;
  if (selection.length === 0) return <ViewInspector view={view} />;

  if (selection.length > 1) {
    const nodes = selection.flatMap(element => (element.kind === 'node' ? (view.nodes.find(node => node.id === element.id) ?? []) : []));
    return <SeveralNeurons nodes={nodes.filter(node => node.kind === 'neuron')} count={selection.length} />;
  }
  const [element] = selection;
  if (element!.kind === 'node') {
    const node = view.nodes.find(candidate => candidate.id === element!.id);
    return node ? <NodeInspector key={node.id} node={node} /> : null;
  }
  if (element!.kind === 'edge') {
    const edge = view.edges.find((candidate: EdgeView) => candidate.list === element!.list && candidate.index === element!.index);
    return edge ? <EdgeInspector key={`${edge.list}${edge.index}`} edge={edge} /> : null;
  }
  const comment = view.comments.find((candidate: CommentView) => String(candidate.index) === element!.id);
  return comment ? <CommentInspector key={comment.index} comment={comment} /> : null;
}

function NodeInspector({node}: {node: NodeView}) {
  if (node.kind === 'neuron') return <NeuronInspector node={node} />;
  if (node.kind === 'organ') return <OrganInspector node={node} />;
  return <CircuitInspector node={node} />;
}
