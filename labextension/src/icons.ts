import { LabIcon } from '@jupyterlab/ui-components';

import environmentSvg from '../style/icons/environment.svg';
import warningSvg from '../style/icons/warning.svg';
import detachedSvg from '../style/icons/detached.svg';
import hiddenSvg from '../style/icons/hidden.svg';

/** A box with a plug: an environment that is linked to Jupyter. */
export const environmentIcon = new LabIcon({
  name: 'jupyter_envlink:environment',
  svgstr: environmentSvg
});

/** A triangle with an exclamation mark. */
export const warningIcon = new LabIcon({
  name: 'jupyter_envlink:warning',
  svgstr: warningSvg
});

/** A ring: there, but not in the menu. */
export const detachedIcon = new LabIcon({
  name: 'jupyter_envlink:detached',
  svgstr: detachedSvg
});

/** A crossed eye: a kernel, but not in the menu. */
export const hiddenIcon = new LabIcon({
  name: 'jupyter_envlink:hidden',
  svgstr: hiddenSvg
});
