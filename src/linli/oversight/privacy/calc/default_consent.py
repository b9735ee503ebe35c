"""What residents read before they leave a name or a number, as long as their district has no text of its own."""

FIRST = 1
DEFAULT_CONSENT = (
    "留不留姓名、电话由您决定，不留也照样办理。留了，只用于就这件事联系您，只有经办这件事的岗位能看到，平时隐去中间几位，加密保存，"
    "事项办结一年后清除。您可以凭编号和查询码随时查看、复制、更正，也可以随时撤回同意，撤回后当即删除。"
)
