/* Start: draw what is on demand, then go where the address points. */

function follow() {
  const [name, value] = location.hash.slice(1).split("=");
  if (name === "cluster" && value) openCluster(decodeURIComponent(value));
  if (name === "flag" && value && !openFlag(Number(value))) location.hash = "#review";
}

startClusters();
startAside();
startReview();
addEventListener("hashchange", follow);
follow();
document.documentElement.dataset.ready = "true";
