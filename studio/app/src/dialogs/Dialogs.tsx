import {useStudio} from '../context';
import {BadFile} from './BadFile';
import {Gallery} from './Gallery';
import {NameDialog} from './NameDialog';
import {NewComment} from './NewComment';
import {NewNode} from './NewNode';
import {NewSynapse} from './NewSynapse';
import {Palette} from './Palette';
import {Shortcuts} from './Shortcuts';

/** The one dialog that is open, if any. */
export function Dialogs() {
  const dialog = useStudio(state => state.dialog);
  const view = useStudio(state => state.view);
  if (!dialog || !view) return null;
  switch (dialog.kind) {
    case 'new-node':
      return <NewNode key={`${dialog.place.x} ${dialog.place.y} ${dialog.generator}`} {...dialog} />;
    case 'new-synapse':
      return <NewSynapse key={`${dialog.from.node} ${dialog.to.node}`} {...dialog} />;
    case 'new-comment':
      return <NewComment {...dialog} />;
    case 'palette':
      return <Palette {...dialog} />;
    case 'gallery':
      return <Gallery />;
    case 'shortcuts':
      return <Shortcuts />;
    case 'bad-file':
      return <BadFile {...dialog} />;
    case 'name':
      return <NameDialog {...dialog} />;
  }
}
