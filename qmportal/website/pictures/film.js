// Play the scenes on a canvas in real time and return what the browser's own recorder made of it, as base64.
async ({ scenes, font, seconds }) => {
  const [width, height, fade] = [960, 540, 0.6];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  document.fonts.add(await new FontFace("Fira Sans", `url(${font})`, { weight: 600 }).load());
  const pictures = await Promise.all(
    scenes.map(async ({ picture }) => {
      const image = Object.assign(new Image(), { src: picture });
      await image.decode();
      return image;
    }),
  );
  const ease = (part) => 1 - (1 - Math.min(Math.max(part, 0), 1)) ** 3;

  function draw(number, since) {
    const image = pictures[number];
    const scale = Math.max(width / image.width, height / image.height);
    const [w, h] = [image.width * scale, image.height * scale];
    pen.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
    pen.font = "600 44px 'Fira Sans'";
    const long = pen.measureText(scenes[number].title).width + 88;
    pen.save();
    pen.translate(-long * (1 - ease((since - fade) / 0.8)), 0);
    pen.fillStyle = "#0b5563";
    pen.fillRect(0, 40, long, 84);
    pen.fillStyle = "#f0b95b";
    pen.fillRect(0, 124, long, 8);
    pen.fillStyle = "#fff";
    pen.fillText(scenes[number].title, 44, 98);
    pen.restore();
  }

  function frame(at) {
    const number = Math.min(Math.floor(at / seconds), scenes.length - 1);
    const since = at - number * seconds;
    pen.globalAlpha = 1;
    if (number && since < fade) {
      draw(number - 1, seconds + since);
      pen.globalAlpha = since / fade;
    }
    draw(number, since);
  }

  frame(0);
  const recorder = new MediaRecorder(canvas.captureStream(12), {
    mimeType: "video/mp4;codecs=avc1.42E01F",
    videoBitsPerSecond: 300_000,
  });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const done = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  const started = performance.now();
  await new Promise((resolve) => {
    const clock = setInterval(() => {
      const at = (performance.now() - started) / 1000;
      frame(Math.min(at, seconds * scenes.length));
      if (at >= seconds * scenes.length) resolve(clearInterval(clock));
    }, 80);
  });
  recorder.stop();
  await done;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
