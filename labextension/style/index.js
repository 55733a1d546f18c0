import './base.css';
import './dialogs.css';
import './jobs.css';
