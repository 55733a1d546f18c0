import './base.css';
import './begin.css';
import './dialogs.css';
import './jobs.css';
import './environment-view.css';
import './create.css';
import './panel.css';
import './cleanup.css';
