/**
 * In place of a module of @stdlib that tries with `eval` whether there are generators: there are, and the page's security
 * policy forbids the trial.
 */
module.exports = () => true;
