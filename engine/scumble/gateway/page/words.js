// What the page says in Chinese; English is the key.
const zh = {
  "Drop a photograph here": "把照片拖到这里", "or click to choose one": "或点击选择", "Paint a mask": "绘制蒙版", "Erase": "擦除",
  "Brush": "画笔", "Clear": "清除", "Another photograph": "另一张照片", "Without a mask the whole picture is painted.": "没有蒙版时绘制整张图像。",
  "Style": "风格", "Method": "方法", "Fast": "快速", "Finest": "最精细", "One pass of a network: seconds.": "网络一次完成：几秒钟。",
  "Step by step, for this picture alone: minutes.": "专为这张图像逐步优化：几分钟。", "Strength": "强度", "Colours": "颜色",
  "Of the style": "风格的颜色", "Of the photograph": "照片的颜色", "Matched to the photograph": "与照片匹配", "Size": "尺寸", "Full size": "原始尺寸",
  "Cancel": "取消", "Paint": "绘制", "Download PNG": "下载 PNG", "Who is there?": "请出示令牌", "Come in": "进入", "Your own": "自选图像",
  "Open the address that scumble gateway printed, or paste its token here.": "请打开 scumble gateway 显示的地址，或在此粘贴令牌。",
  "Sending…": "正在发送…", "Getting ready…": "正在准备…", "Painting…": "正在绘制…", "Cancelled.": "已取消。", "Light or dark": "浅色或深色",
  "{n} before it": "前面还有 {n} 个", "{n} s left": "还剩 {n} 秒", "{n} s on {device}": "{device} 上用时 {n} 秒",
  "The painted picture is only where the mask is.": "只绘制蒙版所在之处。", "This file is no picture that a browser can show.": "浏览器无法显示此文件。",
  "The gateway cannot be reached. See that it runs, and try again.": "无法连接网关。请确认它正在运行，然后重试。",
};
const chinese = /^zh\b(?!.*(Hant|TW|HK|MO))/i.test(navigator.language);

export function tr(text, values = {}) {
  const said = (chinese && zh[text]) || text;
  return said.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

export function translatePage() {
  if (!chinese) return;
  document.documentElement.lang = "zh";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    if (zh[text]) walker.currentNode.data = walker.currentNode.data.replace(text, zh[text]);
  }
  const paragraph = document.querySelector("#door p");
  paragraph.textContent = tr(paragraph.textContent.trim());
}
