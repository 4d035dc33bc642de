import {type DriveStep, driver} from 'driver.js';
import 'driver.js/dist/driver.css';
import {type MessageKey, t} from './i18n';
import type {Session} from './session/session';

const storageKey = 'flux.toured';

const steps: {name: string; target: string; side?: 'left' | 'right' | 'top' | 'bottom'}[] = [
  {name: 'welcome', target: '[data-tour=canvas]', side: 'top'},
  {name: 'touch', target: '[data-tour=canvas]', side: 'top'},
  {name: 'build', target: '[data-tour=tools]', side: 'bottom'},
  {name: 'tune', target: '[data-tour=inspector]', side: 'left'},
  {name: 'time', target: '[data-tour=run]', side: 'top'},
  {name: 'explore', target: '[data-tour=explorer]', side: 'right'},
];

export function wasToured(): boolean {
  return localStorage.getItem(storageKey) !== null;
}

export function startTour(session: Session): void {
  localStorage.setItem(storageKey, 'yes');
  session.showDialog(null);
  session.state.set({leftOpen: true, rightOpen: true, rightTab: 'inspector'});
  const tour = driver({
    showProgress: true,
    // The library puts the numbers in.
    progressText: t('tour.progress', {current: '{{current}}', total: '{{total}}'}),
    nextBtnText: t('tour.next'),
    prevBtnText: t('tour.back'),
    doneBtnText: t('tour.done'),
    overlayOpacity: 0.45,
    stagePadding: 4,
    stageRadius: 10,
    popoverClass: 'tour',
    steps: steps.map(
      ({name, target, side}): DriveStep => ({
        element: target,
        onHighlightStarted: () => name === 'tune' && showNeuron(session),
        popover: {title: t(`tour.${name}` as MessageKey), description: t(`tour.${name}.text` as MessageKey), side, align: 'center'},
      }),
    ),
  });
  // The panels that were closed must stand before they are pointed at.
  requestAnimationFrame(() => tour.drive());
}

/** Something with sliders must be selected where they are spoken of. */
function showNeuron(session: Session): void {
  const {selection, view} = session.state.get();
  const neuron = view?.nodes.find(node => node.kind === 'neuron');
  if (selection.length === 0 && neuron) session.select([{kind: 'node', id: neuron.id}]);
}
