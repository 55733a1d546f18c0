const fs = require('fs');
const path = require('path');

/** Remove the home that the configuration has made; keep it where ENVLINK_UI_KEEP is set. */
module.exports = async () => {
  const home = process.env.ENVLINK_UI_HOME;
  const isOurs = home && path.basename(home).startsWith('envlink-ui-');
  if (isOurs && !process.env.ENVLINK_UI_KEEP) {
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
};
